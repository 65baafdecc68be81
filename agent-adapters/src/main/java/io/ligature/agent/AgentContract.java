package io.ligature.agent;

/**
 * One agent as the executor sees it: give it an attempt, get an honest outcome.
 *
 * <p>What every implementation holds to, and {@code AgentContractKit} checks:
 *
 * <ul>
 *   <li>It calls once. Whether to try again is the engine's decision alone.
 *   <li>Whatever the agent does wrong is an outcome, never an exception.
 *   <li>It returns within the call's timeout, and soon after its thread is interrupted; the agent
 *       is then really stopped (connection closed, process killed). The outcome is {@code timeout}
 *       or {@code cancelled}.
 *   <li>What it does not know (cost, tokens, confidence) stays unknown.
 *   <li>A failure is {@code possiblyBilled} from the moment the agent may have begun to work.
 * </ul>
 *
 * It is used by many threads at once.
 */
@FunctionalInterface
public interface AgentContract {

  AgentOutcome call(AgentCall call);
}
