using System.Diagnostics.CodeAnalysis;
using OrleansGeo.Protocol.Registers;

namespace OrleansGeo.Protocol.Leases;

/// <summary>What a region's lease register holds.</summary>
/// <param name="Generation">Raised at every acquisition, never by a renewal. 0: never held.</param>
/// <param name="IsHeld">False: another region revoked it.</param>
/// <param name="Boot">Which run of the region holds it.</param>
/// <param name="Renewal">Another number for every attempt to write it, so that equal bytes are one and the same attempt.</param>
/// <param name="Duration">How long it lasts, counted by the holder from when it sent the renewal.</param>
internal readonly record struct LeaseValue(long Generation, bool IsHeld, long Boot, long Renewal, TimeSpan Duration)
{
    private const byte Format = 1;

    /// <summary>
    /// Whether this was written after <paramref name="other"/>, as far as that shows. A region's own store takes each value of its lease before
    /// anybody else is shown it: so if another region holds a later one, that store went back in time, or is another store. (Or, with five regions, a
    /// revocation of an earlier value reached it first: then it catches up for nothing.)
    /// </summary>
    public bool IsLaterThan(LeaseValue other) =>
        Generation > other.Generation || (Generation == other.Generation && Boot == other.Boot && Renewal > other.Renewal);

    public byte[] Encode()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(IsHeld);
        writer.Write(Generation);
        writer.Write(Boot);
        writer.Write(Renewal);
        writer.Write(Duration.Ticks);
        writer.Flush();
        return RegisterValue.Seal(Format, stream);
    }

    /// <summary>Of a lease that others hold, which may be of a newer version than this region.</summary>
    internal static bool TryDecode(ReadOnlyMemory<byte> bytes, out LeaseValue value, [NotNullWhen(false)] out FormatException? problem)
    {
        try
        {
            (value, problem) = (Decode(bytes), null);
            return true;
        }
        catch (FormatException exception)
        {
            (value, problem) = (default, exception);
            return false;
        }
    }

    /// <exception cref="FormatException">It is damaged, or of a newer version.</exception>
    public static LeaseValue Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return default;
        }

        using var reader = RegisterValue.Open(Format, bytes, "lease");
        var isHeld = reader.ReadBoolean();
        return new(reader.ReadInt64(), isHeld, reader.ReadInt64(), reader.ReadInt64(), TimeSpan.FromTicks(reader.ReadInt64()));
    }
}
