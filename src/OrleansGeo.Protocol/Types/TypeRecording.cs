using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Types;

/// <summary>
/// One attempt of a silo to have its grain types in the world's register, however long a majority of regions does not answer. Pure: inputs are method
/// calls with the time, effects are in <see cref="TakeMessages"/>. Not thread-safe.
/// </summary>
/// <remarks>
/// <para>Two silos that declare a type otherwise race for one register: what it decides first stands, and the other one finds the contradiction in
/// <see cref="Decided"/>. Nothing is written if the register has all of them: a silo that starts again costs one round of reading promises.</para>
/// <para>With nothing declared it has what is in the register decided again, so that every acceptor which answers holds it.</para>
/// </remarks>
internal sealed class TypeRecording
{
    private readonly RegisterClient _register;
    private readonly List<RegisterMessage> _messages = [];

    /// <param name="config">Its <see cref="ControlConfig.Boot"/> was never used before.</param>
    /// <param name="declared">What the silo declares.</param>
    /// <param name="now">The process's monotonic time.</param>
    public TypeRecording(ControlConfig config, IReadOnlyCollection<TypeChoices> declared, TimeSpan now)
    {
        _register = new(RegisterNames.Types, config, (_, message) => _messages.Add(message));
        _register.Start(
            bytes => RecordedTypesCodec.Decode(bytes).Record(declared) is { } recorded ? RecordedTypesCodec.Encode(recorded) : default(ReadOnlyMemory<byte>?),
            outcome => Decided = RecordedTypesCodec.Decode(outcome.Value),
            (exception, _) => Failure = exception,
            now);
    }

    /// <summary>What the register holds, decided: it has the declared types, or contradicts one. Null: not known yet.</summary>
    public RecordedTypes? Decided { get; private set; }

    /// <summary>Why the attempt ended without a decision: the register is damaged, or of a newer version (<see cref="FormatException"/>). Null: it did not.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>When <see cref="Tick"/> must be called next, if nothing else happens before. Null: it is done.</summary>
    public TimeSpan? Due => _register.Due;

    /// <summary>What is to be sent to the acceptor of every region; empties the list.</summary>
    public IReadOnlyList<RegisterMessage> TakeMessages()
    {
        var messages = _messages.ToArray();
        _messages.Clear();
        return messages;
    }

    public void Tick(TimeSpan now) => _register.Tick(now);

    /// <summary>An acceptor's reply to a message.</summary>
    public void Received(RegionId from, RegisterMessage message, RegisterReply reply, TimeSpan now) => _register.Receive(from, message, reply, now);
}
