export {
  type ConversationLimiter,
  conversationLimiter,
  LIMITER_DEFAULTS,
  type StartLedger,
} from './conversation-limiter.ts';
export { SharedLedger } from './shared-ledger.ts';
