import { join } from 'node:path';
import ts from 'typescript';

/** Files of TypeScript itself and of installed packages, by name and by how they are read: parsed once for all projects. */
const parsed = new Map<string, ts.SourceFile>();

/**
 * Checks the project of a folder as `tsc -p` does, in this process, and gives what that would print. Declaration files of
 * this checkout's own packages are not the project's, and checked as far as it uses them.
 */
export function compile(folder: string): string {
  const host: ts.ParseConfigFileHost = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
  const config = ts.getParsedCommandLineOfConfigFile(join(folder, 'tsconfig.json'), {}, host);
  if (config === undefined) throw new Error(`${folder} has no tsconfig.json that can be read.`);
  const { fileNames: rootNames, options, errors } = config;
  const usual = ts.createCompilerHost(options);
  const compilerHost: ts.CompilerHost = {
    ...usual,
    getSourceFile: (name, how, ...rest) => {
      if (!ts.sys.resolvePath(name).startsWith(modules)) return usual.getSourceFile(name, how, ...rest);
      const key = JSON.stringify([name, how, options.strict]);
      const file = parsed.get(key) ?? usual.getSourceFile(name, how, ...rest);
      if (file) parsed.set(key, file);
      return file;
    },
  };
  const program = ts.createProgram({ rootNames, options, host: compilerHost });
  const own = program.getSourceFiles().filter(({ fileName }) => !fileName.startsWith(modules));
  const found = [
    ...errors,
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...own.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ];
  return ts.formatDiagnostics(found, compilerHost);
}

const modules = join(process.cwd(), 'node_modules/');
