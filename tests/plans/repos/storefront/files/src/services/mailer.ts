import nodemailer from "nodemailer";
import { config } from "../config.js";
import type { Priced } from "../domain/discount.js";
import { addressOf } from "../repositories/orderRepository.js";

const transport = nodemailer.createTransport(config.smtpUrl);

export async function sendConfirmation(orderId: string, priced: Priced) {
  const to = await addressOf(orderId);
  await transport.sendMail({
    from: config.mailFrom,
    to,
    subject: "Your order at Fern & Fig",
    text: `Thank you. Your order ${orderId} over ${priced.total.format()} was recieved and will be packed today.`,
  });
}
