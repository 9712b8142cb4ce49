using System.Collections.Immutable;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Protocol.Topology;

/// <summary>The topology as its register holds it. The map is not in it: it is the same everywhere, and a value of another map is refused.</summary>
internal static class TopologyCodec
{
    private const byte Format = 2;
    private const byte WithoutSecret = 1;

    public static byte[] Encode(WorldTopology topology)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write7BitEncodedInt64(topology.Version);
        writer.Write7BitEncodedInt(topology.Regions.Count);
        foreach (var region in topology.Regions.All)
        {
            var state = topology.StateOf(region);
            writer.Write(region.Name);
            writer.Write7BitEncodedInt64(state.Generation);
            writer.Write((byte)state.Mode);
            writer.Write7BitEncodedInt64(state.EvictedThrough);
        }

        writer.Write7BitEncodedInt(topology.Map.Count);
        foreach (var shard in topology.Shards)
        {
            writer.Write(IndexOf(topology, shard.Home.Region));
            writer.Write7BitEncodedInt64(shard.Home.Epoch);
            writer.Write7BitEncodedInt64(shard.Allotted - shard.Home.Epoch);
            writer.Write(shard.Reserved is { } reserved ? (byte)(IndexOf(topology, reserved) + 1) : (byte)0);
        }

        writer.Write7BitEncodedInt(topology.Secret.Length);
        writer.Write(topology.Secret.Span);

        // After everything else, so that a region of an earlier version, which does not read it, is not locked out during an upgrade.
        foreach (var shard in topology.Shards)
        {
            writer.Write7BitEncodedInt64(shard.LeftBehind.Bits);
        }

        writer.Flush();
        return RegisterValue.Seal(Format, stream);
    }

    /// <summary>The topology; of a register that was never written, the initial one.</summary>
    /// <exception cref="FormatException">It is damaged, of a newer version, or of another world.</exception>
    public static WorldTopology Decode(ShardMap map, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return WorldTopology.Initial(map);
        }

        var format = bytes.Span[0] == WithoutSecret ? WithoutSecret : Format;
        using var reader = RegisterValue.Open(format, bytes, "topology");
        return Read(map, reader, format);
    }

    /// <summary>No region could read a topology that names one that the world does not have; it must not be written.</summary>
    private static byte IndexOf(WorldTopology topology, RegionId region) => topology.Regions.IndexOf(region) is >= 0 and var index
        ? (byte)index
        : throw new ArgumentException($"The topology names the region '{region}', which the world does not have: it has {string.Join(", ", topology.Regions.All)}.", nameof(topology));

    private static WorldTopology Read(ShardMap map, BinaryReader reader, byte format)
    {
        var version = reader.Read7BitEncodedInt64();
        var states = new RegionState[reader.Read7BitEncodedInt()];
        var names = new string[states.Length];
        for (var i = 0; i < states.Length; i++)
        {
            names[i] = reader.ReadString();
            states[i] = new(reader.Read7BitEncodedInt64(), (RegionMode)reader.ReadByte(), reader.Read7BitEncodedInt64());
        }

        var shards = new ShardState[reader.Read7BitEncodedInt()];
        if (!names.SequenceEqual(map.Regions.All.Select(static region => region.Name)) || shards.Length != map.Count)
        {
            throw new FormatException(
                $"The topology is of another world: {shards.Length} shards in {string.Join(", ", names)}, here {map.Count} in {string.Join(", ", map.Regions.All)}. Give every region the same settings.");
        }

        for (var i = 0; i < shards.Length; i++)
        {
            var home = new HomeAssignment(map.Regions[reader.ReadByte()], reader.Read7BitEncodedInt64());
            var allotted = home.Epoch + reader.Read7BitEncodedInt64();
            var reserved = reader.ReadByte();
            shards[i] = new(home, reserved == 0 ? null : map.Regions[reserved - 1], allotted);
        }

        var secret = format == WithoutSecret ? [] : reader.ReadBytes(reader.Read7BitEncodedInt());
        for (var i = 0; i < shards.Length && reader.BaseStream.Position < reader.BaseStream.Length; i++)
        {
            shards[i] = shards[i] with { LeftBehind = new(reader.Read7BitEncodedInt64()) };
        }

        return new(version, map, ImmutableArray.Create(shards), ImmutableArray.Create(states), secret);
    }
}
