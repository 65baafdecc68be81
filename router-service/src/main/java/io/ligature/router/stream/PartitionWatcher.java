package io.ligature.router.stream;

import java.util.Set;

/** Hears which partitions of the topics keyed by workflow this router has. */
interface PartitionWatcher {

  PartitionWatcher NONE =
      new PartitionWatcher() {
        @Override
        public void taken(Set<Integer> partitions) {}

        @Override
        public void given(Set<Integer> partitions) {}
      };

  void taken(Set<Integer> partitions);

  void given(Set<Integer> partitions);
}
