"""Print the lines that teach a shell to complete socialbench's commands and options."""

from __future__ import annotations

import click

from socialbench import console

_WHERE = {
    "bash": 'add to ~/.bashrc: eval "$(socialbench completion bash)"',
    "zsh": 'add to ~/.zshrc: eval "$(socialbench completion zsh)"',
    "fish": "socialbench completion fish > ~/.config/fish/completions/socialbench.fish",
}


@click.command()
@click.argument("shell", type=click.Choice(sorted(_WHERE)))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the lines that teach SHELL to complete socialbench's commands and options.

    Example: eval "$(socialbench completion bash)"
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None, f"click completes {shell}"
    root = ctx.find_root().command
    console.emit(kind(root, {}, "socialbench", "_SOCIALBENCH_COMPLETE").source().strip())
    console.detail(_WHERE[shell])
