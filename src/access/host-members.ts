/**
 * Members that programs add to the arguments of every tool. A model cannot leave them out, because it does not send
 * them: `task_progress` is of Cline, `toolCallId`, `sessionId`, `chatInput` and `action` are of n8n,
 * `wait_for_previous` is of Gemini CLI.
 */
const HOST_MEMBERS: ReadonlySet<string> = new Set([
  'task_progress',
  'toolCallId',
  'tool_call_id',
  'sessionId',
  'session_id',
  'chatInput',
  'action',
  'wait_for_previous',
]);

/** Members that programs invent for tools without arguments, because some models cannot send an empty object. */
const DUMMIES: ReadonlySet<string> = new Set([
  'random_string',
  'dummy',
  '_dummy',
  '_placeholder',
  'placeholder',
  'no_args',
  'noargs',
]);

/**
 * Whether a member was added by the program and not by the model. Only asked for names that are no argument of the
 * tool. A misspelt argument is none of these, and stays an error.
 * @param takesNothing whether the tool has no arguments
 */
export function isHostMember(name: string, takesNothing: boolean): boolean {
  return HOST_MEMBERS.has(name) || (takesNothing && DUMMIES.has(name));
}
