#!/usr/bin/env -S node --import tsx
// Runs the command line from its sources. The list of commands that setup writes is left aside: it names those of dist.
import {dirname} from 'node:path';
import {fileURLToPath} from 'node:url';
import {execute, Plugin} from '@oclif/core';

process.env.NODE_ENV = 'development';
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const plugin = new Plugin({root, type: 'core', ignoreManifest: true});
await plugin.load();
await execute({development: true, loadOptions: {root, plugins: new Map([[plugin.name, plugin]])}});
