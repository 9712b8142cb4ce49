using System.Security.Cryptography;

namespace OrleansGeo.Runtime.Routing;

/// <summary>Names one turn of one geo grain among all turns of all silos and regions: a random process, and a number.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.turnid")]
internal readonly record struct TurnId([property: Id(0)] ulong Process, [property: Id(1)] ulong Number)
{
    private static readonly ulong ThisProcess = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private static ulong _count;

    public static TurnId Next() => new(ThisProcess, Interlocked.Increment(ref _count));
}
