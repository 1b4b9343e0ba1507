/** Features that are not for everyone yet: FLAG_NAME=on in the environment. */
const KNOWN = ["reviews"] as const;

export type Flag = (typeof KNOWN)[number];

export function isOn(flag: Flag, env: NodeJS.ProcessEnv = process.env): boolean {
  return env[`FLAG_${flag.toUpperCase()}`] === "on";
}
