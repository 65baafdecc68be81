package io.ligature.router.stream;

import io.ligature.avro.QuotaLine;
import io.ligature.avro.QuotaShare;
import io.ligature.avro.RouterReport;
import io.ligature.avro.RouterShares;
import io.ligature.router.routing.Ledger;
import io.ligature.router.routing.Ledger.Known;
import io.ligature.router.routing.Ledger.Line;
import io.ligature.router.routing.Ledger.Report;
import io.ligature.router.routing.Ledger.Row;
import io.ligature.router.routing.Permit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Routers' reports on the wire. */
final class Reports {

  private Reports() {}

  static RouterReport wire(Report report, long readUpTo, List<Known> known) {
    List<QuotaLine> lines = new ArrayList<>();
    for (Line line : report.lines()) {
      lines.add(
          new QuotaLine(
              line.key().quota(),
              line.key().permit().wireName(),
              line.limit(),
              line.change(),
              line.wanted()));
    }
    return new RouterReport(
        report.router(),
        report.sequence(),
        report.generation(),
        List.copyOf(report.partitions()),
        Instant.ofEpochMilli(report.at()),
        report.leaving(),
        lines,
        readUpTo,
        known.stream().map(Reports::wire).toList());
  }

  private static RouterShares wire(Known known) {
    List<QuotaShare> shares = new ArrayList<>();
    for (Row row : known.rows()) {
      shares.add(
          new QuotaShare(
              row.key().quota(),
              row.key().permit().wireName(),
              row.limit(),
              row.allotted(),
              row.wanted(),
              row.since()));
    }
    return new RouterShares(
        known.router(),
        known.generation(),
        List.copyOf(known.partitions()),
        Instant.ofEpochMilli(known.at()),
        known.leaving(),
        shares);
  }

  /** What a later version limits beside is not known here, and is not used here either. */
  static Report report(RouterReport wire) {
    List<Line> lines = new ArrayList<>();
    for (QuotaLine line : wire.getLines()) {
      Permit.ofWireName(line.getPermit())
          .ifPresent(
              permit ->
                  lines.add(
                      new Line(
                          new Ledger.Key(line.getQuota(), permit),
                          line.getLimit(),
                          line.getChange(),
                          line.getWanted())));
    }
    return new Report(
        wire.getRouter(),
        wire.getSequence(),
        wire.getGeneration(),
        Set.copyOf(wire.getPartitions()),
        wire.getReportedAt().toEpochMilli(),
        wire.getLeaving(),
        lines);
  }

  static List<Known> known(RouterReport wire) {
    return wire.getKnown().stream().map(Reports::known).toList();
  }

  private static Known known(RouterShares wire) {
    List<Row> rows = new ArrayList<>();
    for (QuotaShare share : wire.getShares()) {
      Permit.ofWireName(share.getPermit())
          .ifPresent(
              permit ->
                  rows.add(
                      new Row(
                          new Ledger.Key(share.getQuota(), permit),
                          share.getLimit(),
                          share.getAllotted(),
                          share.getWanted(),
                          share.getSince())));
    }
    return new Known(
        wire.getRouter(),
        wire.getGeneration(),
        Set.copyOf(wire.getPartitions()),
        wire.getReportedAt().toEpochMilli(),
        wire.getLeaving(),
        rows);
  }
}
