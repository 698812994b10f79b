// The file that is tested is the one of the package that Python imports.

import { execFileSync } from "node:child_process";
import { pathToFileURL } from "node:url";

export const python = process.env.PYTHON ?? "python";
const where = `
import importlib.util, pathlib
package = pathlib.Path(importlib.util.find_spec("jwt_signin").origin).parent
print(package / "static" / "jwt_signin" / "auth-client.js")
`;

export const path = execFileSync(python, ["-c", where], { encoding: "utf8" }).trim();
export const { AuthError, createAuthClient } = await import(pathToFileURL(path).href);
