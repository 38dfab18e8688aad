export {
  CHAT_DEFAULTS,
  ChatAnswerError,
  type ChatOptions,
  openAiChatModel,
  servingChatModel,
} from './chat-model.ts';
