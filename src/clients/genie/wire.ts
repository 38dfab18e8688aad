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
  parameters: z.array(z.looseObject({ keyword: text, sql_type: text, value: text })).nullish(),
  query_result_metadata: z.looseObject({ row_count: z.coerce.number().nullish() }).nullish(),
  thoughts: z.array(z.looseObject({ thought_type: text, content: text })).nullish(),
});

export const attachmentWireSchema = z.looseObject({
  attachment_id: text,
  query: queryAttachmentSchema.nullish(),
  text: z.looseObject({ content: text, purpose: text }).nullish(),
  suggested_questions: z.looseObject({ questions: z.array(z.string()).nullish() }).nullish(),
});

export const messageWireSchema = z.looseObject({
  message_id: text,
  id: text,
  conversation_id: text,
  content: text,
  status: text,
  attachments: z.array(attachmentWireSchema).nullish(),
  error: z.looseObject({ error: text, type: text }).nullish(),
  feedback: z.looseObject({ rating: text }).nullish(),
});

export const startWireSchema = z.looseObject({
  conversation_id: z.string(),
  message_id: z.string(),
  message: messageWireSchema.nullish(),
});

export const followUpWireSchema = messageWireSchema.extend({ message_id: z.string() });

export const messageListWireSchema = z.looseObject({
  messages: z.array(messageWireSchema).nullish(),
  next_page_token: text,
});

export const conversationListWireSchema = z.looseObject({
  conversations: z.array(z.looseObject({ conversation_id: z.string(), title: text })).nullish(),
  next_page_token: text,
});

export const emptyWireSchema = z.looseObject({});

export type SpaceWire = z.infer<typeof spaceWireSchema>;
export type MessageWire = z.infer<typeof messageWireSchema>;
export type AttachmentWire = z.infer<typeof attachmentWireSchema>;
