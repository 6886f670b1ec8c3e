import type { DebianPackage, MachineProgram } from './program.ts';

/** What Kafka and OpenSearch run in, and what gets their jars. */
export const java: MachineProgram = {
  title: 'Java 17',
  from: "Debian's openjdk-17-jdk-headless",
  find: { names: ['java'] },
};

export const javaPackages: DebianPackage[] = [
  // The compiler too: OpenSearch's driver is a source file.
  { name: 'default-jdk-headless', evidence: 'javac' },
  { name: 'maven', evidence: 'mvn' },
];
