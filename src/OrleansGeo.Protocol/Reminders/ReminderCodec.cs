using System.Buffers.Binary;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Reminders;

/// <summary>Reminders to the bytes of a state and back; the state's name is the reminder's.</summary>
/// <remarks>
/// Format 1: a format byte, then start, period, last fired tick (0: none) in ticks of 100 ns, and epoch and position of the registration; each 8 bytes,
/// little-endian. A registration does not know its own version: it writes 0.0, and is read with the version of the state.
/// </remarks>
internal static class ReminderCodec
{
    private const byte Format = 1;
    private const int Bytes = 1 + (5 * sizeof(long));

    public static ReadOnlyMemory<byte> Encode(Reminder reminder)
    {
        var bytes = new byte[Bytes];
        bytes[0] = Format;
        Write(bytes, 0, reminder.Start.Ticks);
        Write(bytes, 1, reminder.Period.Ticks);
        Write(bytes, 2, reminder.Fired?.Ticks ?? 0);
        Write(bytes, 3, reminder.Registration.Epoch);
        Write(bytes, 4, reminder.Registration.Position.Value);
        return bytes;
    }

    /// <returns>Null when the state was cleared, or holds what this version cannot read: a newer one's reminder, which a newer home fires.</returns>
    public static Reminder? Decode(StateRecord? state)
    {
        if (state?.Bytes is not { Length: Bytes } bytes || bytes.Span[0] != Format)
        {
            return null;
        }

        var (start, period, fired) = (Read(bytes, 0), Read(bytes, 1), Read(bytes, 2));
        if (!IsTime(start) || !IsTime(fired) || period <= 0)
        {
            return null;
        }

        var registration = new RecordVersion(Read(bytes, 3), new(Read(bytes, 4)));
        return new(
            new(start, DateTimeKind.Utc),
            new(period),
            registration == RecordVersion.None ? state.Version : registration,
            fired == 0 ? null : new DateTime(fired, DateTimeKind.Utc));
    }

    private static bool IsTime(long ticks) => ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;

    private static void Write(Span<byte> bytes, int index, long value) => BinaryPrimitives.WriteInt64LittleEndian(bytes[(1 + (index * sizeof(long)))..], value);

    private static long Read(ReadOnlyMemory<byte> bytes, int index) => BinaryPrimitives.ReadInt64LittleEndian(bytes.Span[(1 + (index * sizeof(long)))..]);
}
