// Starts `advise lsp` for rule files. Everything that the editor shows comes from there.
"use strict";

const vscode = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

let client;

function start() {
  const command = vscode.workspace.getConfiguration("adviseRules").get("path", "advise");
  const run = { command, args: ["lsp"], transport: TransportKind.stdio };
  client = new LanguageClient("adviseRules", "advise rules", { run, debug: run }, {
    documentSelector: [{ scheme: "file", language: "advise-rules" }],
  });
  return client.start().catch((error) => {
    vscode.window.showErrorMessage(
      `advise: the language server does not start (${error.message}). The setting adviseRules.path names the program.`);
  });
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("adviseRules.restart", async () => {
      if (client) await client.stop();
      await start();
    }),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (!change.affectsConfiguration("adviseRules.path")) return;
      if (client) await client.stop();
      await start();
    }));
  await start();
}

function deactivate() {
  return client ? client.stop() : undefined;
}

module.exports = { activate, deactivate };
