import { PrismaClient } from "@prisma/client";

export const db = new PrismaClient();

export type Transaction = Parameters<Parameters<typeof db.$transaction>[0]>[0];
