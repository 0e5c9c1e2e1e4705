// Starts `advise lsp` for rule files. Everything that the editor shows comes from there.
"use strict";

const vscode = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

let client;
let lintResults;

function start() {
  const settings = vscode.workspace.getConfiguration("adviseRules");
  const command = settings.get("path", "advise");
  const run = { command, args: ["lsp"], transport: TransportKind.stdio };
  client = new LanguageClient("adviseRules", "advise rules", { run, debug: run }, {
    documentSelector: [{ scheme: "file", language: "advise-rules" }],
    initializationOptions: { lintResult: settings.get("lintResult", "") },
    synchronize: { fileEvents: lintResults },
  });
  return client.start().catch((error) => {
    vscode.window.showErrorMessage(
      `advise: the language server does not start (${error.message}). The setting adviseRules.path names the program.`);
  });
}

async function activate(context) {
  lintResults = vscode.workspace.createFileSystemWatcher("**/.advise-lint.json");
  context.subscriptions.push(
    lintResults,
    vscode.commands.registerCommand("adviseRules.restart", async () => {
      if (client) await client.stop();
      await start();
    }),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (!change.affectsConfiguration("adviseRules")) return;
      if (client) await client.stop();
      await start();
    }));
  await start();
}

function deactivate() {
  return client ? client.stop() : undefined;
}

module.exports = { activate, deactivate };
