import * as z from 'zod';

/** Answers of the Genie API as far as we read them. Unknown keys and unknown enum values are let through. */
const text = z.string().nullish();

export const spaceWireSchema = z.looseObject({
  space_id: z.string(),
  title: text,
  description: text,
  warehouse_id: text,
  serialized_space: text,
  etag: text,
});

export const spaceListWireSchema = z.looseObject({
  spaces: z.array(spaceWireSchema).nullish(),
  next_page_token: text,
});

const queryAttachmentSchema = z.looseObject({
  query: text,
  title: text,
  description: text,
  statement_id: text,
  thoughts: z.array(z.looseObject({ thought_type: text, content: text })).nullish(),
});

export const attachmentWireSchema = z.looseObject({
  attachment_id: text,
  query: queryAttachmentSchema.nullish(),
  text: z.looseObject({ content: text, purpose: text }).nullish(),
});

export const messageWireSchema = z.looseObject({
  message_id: text,
  id: text,
  conversation_id: text,
  status: text,
  attachments: z.array(attachmentWireSchema).nullish(),
  error: z.looseObject({ error: text, type: text }).nullish(),
});

export const startWireSchema = z.looseObject({
  conversation_id: z.string(),
  message_id: z.string(),
  message: messageWireSchema.nullish(),
});

export const emptyWireSchema = z.looseObject({});

export type SpaceWire = z.infer<typeof spaceWireSchema>;
export type MessageWire = z.infer<typeof messageWireSchema>;
export type AttachmentWire = z.infer<typeof attachmentWireSchema>;
