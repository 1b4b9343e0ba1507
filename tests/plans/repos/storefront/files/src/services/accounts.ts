import argon2 from "argon2";
import { invalid, notFound } from "../errors.js";
import { createAccount, findByEmail } from "../repositories/accountRepository.js";
import { openSession } from "./sessions.js";

export async function signUp(email: string, password: string) {
  if (await findByEmail(email)) throw invalid("this address has an account already");
  const account = await createAccount(email, await argon2.hash(password));
  return { id: account.id };
}

/** Gives a session token, or fails. */
export async function signIn(email: string, password: string): Promise<string> {
  const account = await findByEmail(email);
  if (!account) throw notFound("account");
  if (!(await argon2.verify(account.passwordHash, password))) throw invalid("the password is wrong");
  return openSession(account.id);
}
