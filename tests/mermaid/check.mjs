// Reads diagrams with Mermaid's own parser: a JSON list of texts comes in, a list of what is wrong with each goes out
// (null for nothing).
//
//     node tests/mermaid/check.mjs FOLDER_WITH_NODE_MODULES < diagrams.json
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { runInThisContext } from 'node:vm';

const require = createRequire(join(resolve(process.argv[2]), 'package.json'));
// The parser cleans labels, and for that it wants a document.
const { parseHTML } = require('linkedom');
const { window } = parseHTML('<html><body></body></html>');
globalThis.window = window;
globalThis.document = window.document;
// The bundle is a browser's script: its variables are global.
runInThisContext(readFileSync(require.resolve('@mermaid-js/tiny'), 'utf8'));

const answers = [];
for (const text of JSON.parse(readFileSync(0, 'utf8'))) {
  try {
    const { diagramType, config } = await globalThis.mermaid.parse(text);
    const settings = Object.keys(config).join(', ');
    if (settings) answers.push(`sets ${settings}`);
    else answers.push(diagramType.startsWith('flowchart') ? null : `read as ${diagramType}`);
  } catch (error) {
    answers.push(String(error.message ?? error));
  }
}
process.stdout.write(JSON.stringify(answers));
