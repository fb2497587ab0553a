#!/usr/bin/env node
// Here before the build, so that the installation can link it.
import "../dist/main.js";
