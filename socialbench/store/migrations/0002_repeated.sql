-- How many rows of an imported file repeat another row, by the brand's account and the UTC day of the message.
CREATE TABLE repeated (
    checksum {text} NOT NULL,
    account {int} NOT NULL,
    day_at {int} NOT NULL,
    row_count {int} NOT NULL,
    PRIMARY KEY (checksum, account, day_at)
) {clustered};
