/** Settings from the environment, read once at start. */
export interface Config {
  port: number;
  sessionSecret: string;
  sessionHours: number;
  paymentWebhookSecret: string;
  mailFrom: string;
  smtpUrl: string;
  cartDays: number;
}

export function readConfig(env: NodeJS.ProcessEnv): Config {
  return {
    port: Number(env.PORT ?? 3000),
    sessionSecret: required(env, "SESSION_SECRET"),
    sessionHours: Number(env.SESSION_HOURS ?? 12),
    paymentWebhookSecret: required(env, "PAYMENT_WEBHOOK_SECRET"),
    mailFrom: env.MAIL_FROM ?? "orders@fernandfig.example",
    smtpUrl: env.SMTP_URL ?? "smtp://localhost:1025",
    cartDays: 30,
  };
}

function required(env: NodeJS.ProcessEnv, key: string): string {
  const value = env[key];
  if (!value) throw new Error(`${key} is unset`);
  return value;
}

export const config = readConfig(process.env);
