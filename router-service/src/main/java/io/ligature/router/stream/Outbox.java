package io.ligature.router.stream;

import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskUnplaced;
import io.ligature.router.routing.Waiting.Origin;

/** What the router says to the others. A record is finished once what it led to is stored. */
interface Outbox {

  /** Gives the attempt to an executor; its ready record is finished with it. */
  void assign(TaskAssignment assignment, Origin origin);

  /** Sends a copy for comparison; nothing depends on it. */
  void copy(TaskAssignment assignment, Origin origin);

  /** Tells the workflow; when parked, the ready record is finished with it. */
  void unplaced(TaskUnplaced unplaced, Origin origin);
}
