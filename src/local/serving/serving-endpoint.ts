/** A chat request as a client sent it. */
export interface ChatRequest {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  /** The body as it came. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Requests that this endpoint answered before. */
  readonly count: number;
}

/** An endpoint that answers by a script. */
export interface ScriptedEndpoint {
  readonly name: string;
  /** Texts in order, the last one again and again; or a function. */
  readonly answer: readonly string[] | ((request: ChatRequest) => string | Promise<string>);
}

/** An endpoint that passes requests on to a server of the OpenAI chat protocol. */
export interface ForwardedEndpoint {
  readonly name: string;
  readonly forwardTo: {
    /** Up to and without `/chat/completions`: `http://127.0.0.1:11434/v1`. */
    readonly baseUrl: string;
    /** Default: the name of the endpoint. */
    readonly model?: string | undefined;
    readonly apiKey?: string | undefined;
  };
}

/** A serving endpoint of the embedded workspace. */
export type ServingEndpoint = ScriptedEndpoint | ForwardedEndpoint;
