package io.ligature.schemas;

/**
 * Names one attempt of one task: {@code {workflow id}/{task path}#{attempt}}.
 *
 * <p>It is a function of what it names, so that a replayed decision names the same attempt again.
 *
 * @param workflowId holds no {@code /}
 * @param task path of the task, with iterations and items ({@code draft~2}, {@code translate[7]})
 * @param number from 1
 */
public record AttemptId(String workflowId, String task, int number) {

  public AttemptId {
    if (workflowId.isEmpty() || workflowId.indexOf('/') >= 0) {
      throw new IllegalArgumentException("not a workflow id: '" + workflowId + "'");
    }
    if (task.isEmpty() || number < 1) {
      throw new IllegalArgumentException("not a task and attempt: '" + task + "#" + number + "'");
    }
  }

  /**
   * @throws IllegalArgumentException when the text is not an attempt id
   */
  public static AttemptId parse(String text) {
    int slash = text.indexOf('/');
    int hash = text.lastIndexOf('#');
    if (slash <= 0 || hash <= slash + 1) {
      throw new IllegalArgumentException(
          "not an attempt id, expected {workflow id}/{task path}#{attempt}: '" + text + "'");
    }
    int number;
    try {
      number = Integer.parseInt(text, hash + 1, text.length(), 10);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("no attempt number behind '#': '" + text + "'", e);
    }
    return new AttemptId(text.substring(0, slash), text.substring(slash + 1, hash), number);
  }

  @Override
  public String toString() {
    return workflowId + "/" + task + "#" + number;
  }
}
