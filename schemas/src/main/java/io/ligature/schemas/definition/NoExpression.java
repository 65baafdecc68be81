package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.node.NullNode;
import io.ligature.schemas.definition.TaskDefinition.Needs;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** Stands where a definition that is refused has nothing that could be used. */
final class NoExpression {

  static final Expression NEVER =
      new Expression() {
        @Override
        public String text() {
          return "false";
        }

        @Override
        public Set<String> tasks() {
          return Set.of();
        }

        @Override
        public boolean readsInput() {
          return false;
        }

        @Override
        public Set<String> variables() {
          return Set.of();
        }

        @Override
        public Set<String> locals() {
          return Set.of();
        }

        @Override
        public boolean isTrue(Scope scope) {
          return false;
        }
      };

  static final TaskDefinition NOTHING =
      new TaskDefinition(
          "",
          new TaskDefinition.AgentWork(
              "",
              new JsonTemplate(new JsonTemplate.Constant(NullNode.getInstance())),
              new TaskDefinition.Limits(null, Duration.ofMinutes(5), null)),
          Needs.NONE,
          null,
          Map.of(),
          null,
          null,
          null,
          null,
          Map.of());

  private NoExpression() {}
}
