#!/usr/bin/env node
import '../dist/fr-reporter.js';
