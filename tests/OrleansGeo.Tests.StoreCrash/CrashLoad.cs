using System.Buffers.Binary;
using System.Globalization;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Storage;

namespace OrleansGeo.Tests.StoreCrash;

/// <summary>What the process writes: rows and records whose bytes follow from their place, so that whoever looks afterwards can tell each by itself.</summary>
public static class CrashLoad
{
    public const int Shards = 16;

    public const int Registers = 2;

    public static StoreWorld World { get; } = new(new("westeurope"), "crash", 64, 8);

    public static ShardId Shard(int index) => new(string.Create(CultureInfo.InvariantCulture, $"q-{index:00}"));

    public static string Register(int index) => string.Create(CultureInfo.InvariantCulture, $"register-{index}");

    /// <summary>What a register holds once it accepted the ballot with this counter.</summary>
    public static byte[] Value(string register, long counter)
    {
        var bytes = new byte[8 + (int)(counter * 37 % 9000)];
        Fill(bytes, HashCode(new(register), 0, counter));
        return bytes;
    }

    public static LogRow Row(ShardId shard, long epoch, long first)
    {
        var last = first + (first % 3);
        var bytes = new byte[64 + (int)(first * 37 % 3000)];
        Fill(bytes, HashCode(shard, epoch, first));
        return new(epoch, new(first), new(last), bytes);
    }

    public static StoredRecord Record(ShardId shard, long epoch, long position)
    {
        var bytes = new byte[16];
        Fill(bytes, HashCode(shard, epoch, position));
        return new("entity", new([new("state", new(epoch, new(position)), bytes)]));
    }

    /// <summary>Appends to one shard until the process dies, and tells every acknowledged step as one line of output.</summary>
    public static async Task WriteAsync(IRegionStore store, ShardId shard, TextWriter output)
    {
        var head = await store.ReadHeadAsync(shard);
        var token = new FencingToken(World.Region, head.Promised.Epoch + 1);
        head = await store.PromiseAsync(shard, token);
        for (var step = 1; ; step++)
        {
            var row = Row(shard, token.Epoch, head.Last.Value + 1);
            var result = await store.AppendAsync(shard, new(token, head.Last, head.LastEpoch, [row]));
            if (result.Verdict != AppendVerdict.Stored)
            {
                throw new InvalidOperationException($"{shard}: {result}");
            }

            head = result.Head;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"appended {shard} {head.Last.Value}"));
            if (step % 20 == 0)
            {
                var at = head.Last.Value;
                head = await store.CheckpointAsync(shard, token, head.Last, [Record(shard, token.Epoch, at)]);
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"checkpoint {shard} {at}"));
            }

            if (step % 100 == 0)
            {
                head = await store.TrimAsync(shard, token, new(head.Checkpoint.Value - 50));
            }
        }
    }

    /// <summary>Proposes to one register until the process dies, and tells every granted message as one line of output.</summary>
    public static async Task ProposeAsync(IRegionStore store, string register, TextWriter output)
    {
        var counter = (await store.TakeAsync(register, new RegisterMessage.Read())).State.Promised.Counter;
        var boot = store.Life.Opened;
        while (true)
        {
            var prepared = new Ballot(++counter, World.Region, boot);
            Require(await store.TakeAsync(register, new RegisterMessage.Prepare(prepared)));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"promised {register} {counter}"));
            var next = prepared with { Counter = ++counter };
            Require(await store.TakeAsync(register, new RegisterMessage.Accept(prepared, Value(register, prepared.Counter), next)));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"accepted {register} {prepared.Counter}"));
        }

        static void Require(RegisterTaken taken)
        {
            if (!taken.Granted)
            {
                throw new InvalidOperationException($"Refused: {taken.State.Promised} is promised.");
            }
        }
    }

    private static long HashCode(ShardId shard, long epoch, long position)
    {
        var hash = (epoch * 1_000_003) + position;
        foreach (var unit in shard.Name)
        {
            hash = (hash * 31) + unit;
        }

        return hash;
    }

    private static void Fill(Span<byte> bytes, long value)
    {
        for (; bytes.Length >= sizeof(long); bytes = bytes[sizeof(long)..])
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            value = (value * 6364136223846793005) + 1442695040888963407;
        }
    }
}
