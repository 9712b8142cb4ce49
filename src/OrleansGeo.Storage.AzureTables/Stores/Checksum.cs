using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>XxHash64 of what is stored and of where it belongs, so that a row in the wrong place is noticed too.</summary>
internal static class Checksum
{
    public static long Of(ReadOnlySpan<byte> bytes, params ReadOnlySpan<long> place) =>
        (long)XxHash64.HashToUInt64(bytes, (long)XxHash64.HashToUInt64(MemoryMarshal.AsBytes(place)));

    public static long Of(string text) => Of(MemoryMarshal.AsBytes(text.AsSpan()));
}
