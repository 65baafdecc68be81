package io.ligature.approval.stream;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Gives all partitions of this process one block cache and one budget of write buffers.
 *
 * <p>By default each partition has 50 MB of cache and 48 MB of write buffers of its own, so memory
 * would grow with the partitions an instance happens to have. Kafka Streams makes an instance of
 * this class for each store, hence the static fields; they live as long as the process.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {

  static final String CACHE_BYTES = "ligature.rocksdb.cache.bytes";
  static final String WRITE_BUFFER_BYTES = "ligature.rocksdb.write.buffer.bytes";

  private static final long MOST_BYTES_OF_ONE_BUFFER = 8L << 20;

  private static @Nullable Shared shared;

  private record Shared(Cache cache, WriteBufferManager writeBuffers) {}

  private final BloomFilter filter = new BloomFilter(10);

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    long writeBufferBytes = number(configs, WRITE_BUFFER_BYTES);
    Shared memory = shared(number(configs, CACHE_BYTES), writeBufferBytes);
    if (options.tableFormatConfig() instanceof BlockBasedTableConfig table) {
      table.setBlockCache(memory.cache);
      table.setCacheIndexAndFilterBlocks(true);
      table.setPinTopLevelIndexAndFilter(true);
      table.setFilterPolicy(filter);
      options.setTableFormatConfig(table);
    }
    options.setWriteBufferManager(memory.writeBuffers);
    options.setWriteBufferSize(Math.min(MOST_BYTES_OF_ONE_BUFFER, writeBufferBytes));
    options.setMaxWriteBufferNumber(2);
  }

  @Override
  public void close(String storeName, Options options) {
    filter.close();
  }

  private static synchronized Shared shared(long cacheBytes, long writeBufferBytes) {
    Shared known = shared;
    if (known == null) {
      RocksDB.loadLibrary();
      Cache cache = new LRUCache(cacheBytes);
      known = new Shared(cache, new WriteBufferManager(writeBufferBytes, cache));
      shared = known;
    }
    return known;
  }

  private static long number(Map<String, Object> configs, String key) {
    if (configs.get(key) instanceof Number number) {
      return number.longValue();
    }
    throw new IllegalArgumentException(key + " is missing from the configuration of the streams");
  }
}
