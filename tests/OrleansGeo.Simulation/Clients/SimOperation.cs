using System.Buffers.Binary;
using System.IO.Hashing;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Simulation.Sessions;

namespace OrleansGeo.Simulation.Clients;

/// <summary>One client's request: a read, or a read-modify-write of some of an entity's states.</summary>
internal sealed record SimOperation(ulong Number, int Shard, string Entity, bool IsRead, string[] Sets, string? Clears)
{
    public RequestId Request => RequestId.None.Further((int)Number);

    public SimOutcome Outcome { get; set; }

    /// <summary>The session that it belongs to, if any.</summary>
    public SimSession? Session { get; init; }

    /// <summary>The session was told that it lost what it saw: what of this request is still on its way, in a message that carries what it saw, is told so too.</summary>
    public bool IsToldLost { get; set; }

    /// <summary>The session, while its client waits for this answer: what comes later, nobody is shown.</summary>
    public SimSession? Audience => Outcome == SimOutcome.Pending ? Session : null;

    /// <summary>The state after this request: a number and a hash of all that went before, so that a lost or doubled update shows.</summary>
    public ReadOnlyMemory<byte>? Apply(string state, ReadOnlyMemory<byte>? before)
    {
        if (state == Clears)
        {
            return null;
        }

        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Number);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), before is { } old ? XxHash64.HashToUInt64(old.Span) : 0);
        return bytes;
    }

    public byte[] Answer()
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Number);
        return bytes;
    }

    public static ulong NumberOf(ReadOnlyMemory<byte> answer) => BinaryPrimitives.ReadUInt64LittleEndian(answer.Span);
}
