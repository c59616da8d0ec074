// Turns a Google discovery document ($1) into Swagger 2 ($2) that Prism can serve.
import { readFileSync, writeFileSync } from 'node:fs'
import converter from 'google-discovery-to-swagger'

const [source, target] = process.argv.slice(2)
const swagger = converter.convert(JSON.parse(readFileSync(source, 'utf8')))
swagger.consumes = swagger.produces = ['application/json']
swagger.securityDefinitions = { ...swagger.securityDefinitions, key: { type: 'apiKey', in: 'query', name: 'key' } }
for (const operations of Object.values(swagger.paths)) {
  for (const [verb, operation] of Object.entries(operations)) {
    if (!operation?.responses) continue
    // The converter names every answer 'default', which Prism takes for an error.
    if (operation.responses.default) operation.responses = { 200: operation.responses.default }
    // The document knows OAuth alone, but reading takes a key.
    if (verb === 'get') operation.security = [{ key: [] }]
  }
}
writeFileSync(target, JSON.stringify(swagger))
