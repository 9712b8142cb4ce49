using System.Globalization;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>The keys of everything that the table holds.</summary>
/// <remarks>
/// A partition per shard (head, log, records, cuts) and per register; one each for the list of shards, the ledger and the world.
/// Numbers are written in sixteen hexadecimal digits, so that they sort.
/// </remarks>
internal static class StoreKeys
{
    public const string World = "world";
    public const string Shards = "shards";
    public const string Ledger = "ledger";
    public const string Next = "next";
    public const string Head = "head";
    public const string Records = "records";
    public const string Register = "state";

    /// <summary>Characters of an entity's key that stand in a row's key; longer ones are shortened.</summary>
    public const int EntityLength = 256;

    private const int StateLength = 64;
    private const int RegisterLength = 256;

    public static string Partition(ShardId shard) => "s-" + KeyText.Encode(shard.Name);

    public static string RegisterPartition(string register) => "g-" + KeyText.Shorten(register, RegisterLength, out _);

    /// <summary>By a row's last position: the row that holds a position, or the first after it, is the first at or after that position's key.</summary>
    public static string Log(LogPosition last, Guid generation, int part) => Invariant($"l-{last.Value:x16}-{generation:N}-{part:x2}");

    /// <summary>Sorts before the rows that end at a position, and after those that end before.</summary>
    public static string LogFrom(LogPosition position) => Invariant($"l-{position.Value:x16}");

    /// <returns>Null when it is not a log row's key.</returns>
    public static (LogPosition Last, Guid Generation, int Part)? ParseLog(string key) =>
        key.Length == 54
        && long.TryParse(key.AsSpan(2, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var last)
        && Guid.TryParseExact(key.AsSpan(19, 32), "N", out var generation)
        && int.TryParse(key.AsSpan(52), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var part)
            ? (new LogPosition(last), generation, part)
            : null;

    public static string Cut(long number) => Invariant($"cut-{number:x16}");

    public static string Redo(long version, Guid tag, int part) => Invariant($"p-{version:x16}-{tag:N}-{part:x4}");

    public static string RedoFrom(long version) => Invariant($"p-{version:x16}");

    public static string RecordsOf(long generation) => Invariant($"r-{generation:x8}-");

    public static string Entity(long generation, string entity) => RecordsOf(generation) + KeyText.Shorten(entity, EntityLength, out _);

    public static string State(long generation, string entity, string state, int part) =>
        Invariant($"{Entity(generation, entity)}{KeyText.End}{KeyText.Shorten(state, StateLength, out _)}{KeyText.End}{part:x2}");

    public static string TombstonesOf(long generation) => Invariant($"t-{generation:x8}-");

    public static string TombstonesAfter(long generation, LogPosition position) => Invariant($"t-{generation:x8}-{position.Value + 1:x16}");

    public static string Tombstone(long generation, LogPosition position, string entity, string state) =>
        Invariant($"t-{generation:x8}-{position.Value:x16}-{KeyText.Hash($"{entity.Length}.{entity}{state}")}");

    public static string Mark(long cut, LogPosition position) => Invariant($"m-{cut:x16}-{position.Value:x16}");

    public static string Suspicion(ShardId shard, string region, long epoch) =>
        Invariant($"s-{KeyText.Encode(shard.Name)}{KeyText.End}{KeyText.Encode(region)}{KeyText.End}{epoch:x16}");

    /// <summary>The first key after all that begin with <paramref name="prefix"/>.</summary>
    public static string After(string prefix) => prefix[..^1] + (char)(prefix[^1] + 1);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
