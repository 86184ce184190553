// The peer of metering: the same topic counted by Kafka Streams with exactly_once_v2, by organization, model, key and hour.
// Arguments: brokers, topic, records to warm up with, records in all, `count` or `once` (every id counts once, as metering does),
// a folder for its state. Prints the records a second between the warm-up and the last one.
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

public final class CountUsage {
  private static final AtomicLong seen = new AtomicLong();

  public static void main(String[] args) throws Exception {
    final String topic = args[1];
    final long warm = Long.parseLong(args[2]);
    final long all = Long.parseLong(args[3]);
    final boolean once = args[4].equals("once");
    final StreamsBuilder builder = new StreamsBuilder();
    builder.addStateStore(Stores.keyValueStoreBuilder(
        Stores.inMemoryKeyValueStore("usage"), Serdes.String(), Serdes.ByteArray()));
    // Ids of five weeks do not fit into memory: the store that Kafka Streams has for that is RocksDB.
    if (once) builder.addStateStore(Stores.keyValueStoreBuilder(
        Stores.persistentKeyValueStore("ids"), Serdes.String(), Serdes.ByteArray()));
    final String[] stores = once ? new String[] {"usage", "ids"} : new String[] {"usage"};
    builder.stream(topic, Consumed.with(Serdes.String(), Serdes.ByteArray()))
        .process(() -> new Count(once), stores);

    final Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "peer-" + System.nanoTime());
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 2);
    config.put(StreamsConfig.STATE_DIR_CONFIG, args[5]);
    config.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
    config.put("auto.offset.reset", "earliest");
    config.put("max.poll.records", 4000);
    final KafkaStreams streams = new KafkaStreams(builder.build(), config);
    streams.setUncaughtExceptionHandler(error -> {
      error.printStackTrace();
      Runtime.getRuntime().halt(1);
      return null;
    });
    streams.start();
    while (seen.get() < warm) Thread.sleep(2);
    final long from = seen.get();
    final long startedAt = System.nanoTime();
    while (seen.get() < all) Thread.sleep(2);
    final double seconds = (System.nanoTime() - startedAt) / 1e9;
    System.out.println("per_second=" + (seen.get() - from) / seconds);
    streams.close();
  }

  private static final class Count implements Processor<String, byte[], Void, Void> {
    private static final String[] POOLS = {"input", "cached_input", "output", "reasoning"};
    private static final byte[] KNOWN = {1};
    private final ObjectMapper mapper = new ObjectMapper();
    private final boolean once;
    private KeyValueStore<String, byte[]> usage;
    private KeyValueStore<String, byte[]> ids;

    Count(final boolean once) {
      this.once = once;
    }

    @Override
    public void init(final ProcessorContext<Void, Void> context) {
      usage = context.getStateStore("usage");
      if (once) ids = context.getStateStore("ids");
    }

    @Override
    public void process(final Record<String, byte[]> record) {
      try {
        count(mapper.readTree(record.value()));
      } catch (final Exception error) {
        throw new RuntimeException(error);
      }
      seen.incrementAndGet();
    }

    private void count(final JsonNode event) {
      final String organization = event.path("subject").asText();
      if (once) {
        final String id = organization + '\n' + event.path("source").asText() + '\n' + event.path("id").asText();
        if (ids.get(id) != null) return;
        ids.put(id, KNOWN);
      }
      final JsonNode data = event.path("data");
      final String hour = event.path("time").asText().substring(0, 13);
      final String key = organization + '\n' + data.path("model").asText() + '\n'
          + data.path("api_key").asText() + '\n' + hour;
      final byte[] before = usage.get(key);
      final ByteBuffer sums = ByteBuffer.wrap(before == null ? new byte[8 * (POOLS.length + 1)] : before.clone());
      final JsonNode tokens = data.path("tokens");
      sums.putLong(0, sums.getLong(0) + 1);
      for (int pool = 0; pool < POOLS.length; pool += 1) {
        final int at = 8 * (pool + 1);
        sums.putLong(at, sums.getLong(at) + tokens.path(POOLS[pool]).asLong());
      }
      usage.put(key, sums.array());
    }
  }
}
