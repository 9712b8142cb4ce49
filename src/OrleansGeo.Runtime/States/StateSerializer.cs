using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Orleans.Serialization;

namespace OrleansGeo.Runtime.States;

/// <summary>State objects to bytes and back: by Orleans' serializer where the type has a codec, otherwise as JSON, so that a grain keeps its plain state class.</summary>
/// <remarks>
/// Nothing is left out in silence. A type that cannot be kept is refused when the silo starts; a generic one, which is only known in use, when it is first
/// used. Where the type leaves open whether all is kept, each write reads back what it wrote, and refuses a value that came back otherwise.
/// </remarks>
internal sealed class StateSerializer<TState>
{
    private const byte OrleansFormat = 1;

    /// <summary>Written until 2026-11-29, and still read.</summary>
    private const byte SystemTextJsonFormat = 2;

    private const byte JsonFormat = 3;

    private readonly Serializer<TState>? _orleans;
    private readonly StateJson _json;
    private readonly StateShape _shape;

    public StateSerializer(Serializer serializer, StateShapes shapes, StateJson json)
    {
        _shape = shapes.Of(typeof(TState));
        if (_shape.Problems.Count > 0)
        {
            throw new GeoException(new(
                GeoErrorCode.InvalidConfiguration, $"States of type {typeof(TState)} cannot be kept: {string.Join(' ', _shape.Problems.Select(static problem => $"{problem.Member}: {problem.Text}"))}"));
        }

        _json = json;
        if (shapes.HasCodec(typeof(TState)))
        {
            _orleans = serializer.GetSerializer<TState>();
        }
    }

    /// <summary>The state of an entity that has none stored: as Orleans makes it, by the public parameterless constructor, or empty where there is none.</summary>
    public static TState Create() =>
        typeof(TState) == typeof(string) || typeof(TState).IsArray || typeof(TState).IsAbstract ? default!
        : typeof(TState).IsValueType || HasConstructor ? Activator.CreateInstance<TState>()
        : (TState)RuntimeHelpers.GetUninitializedObject(typeof(TState));

    [SuppressMessage("Design", "CA1000", Justification = "Once per type, not once per use.")]
    private static bool HasConstructor { get; } = typeof(TState).GetConstructor([]) is not null;

    public ReadOnlyMemory<byte> Serialize(TState state)
    {
        try
        {
            var bytes = Encode(state);
            return _shape.IsProven || StateDifference.Find(state, Deserialize(bytes)) is not { } lost
                ? bytes
                : throw NotKept($"{lost} would not be kept");
        }
        catch (Exception exception) when (exception is not (GeoException or OutOfMemoryException))
        {
            throw NotKept(exception.Message.TrimEnd('.'), exception);
        }
    }

    public TState Deserialize(ReadOnlyMemory<byte> bytes) => bytes.Span[0] switch
    {
        OrleansFormat => (_orleans ?? throw Unreadable()).Deserialize(bytes[1..])!,
        JsonFormat => (TState)_json.Deserialize(bytes.Span[1..], typeof(TState))!,
        SystemTextJsonFormat => JsonSerializer.Deserialize<TState>(bytes.Span[1..])!,
        var other => throw new InvalidOperationException($"A stored {typeof(TState)} has the unknown format {other}: it was written by a newer version."),
    };

    private ReadOnlyMemory<byte> Encode(TState state)
    {
        if (_orleans is null || !_shape.UsesCodec)
        {
            using var stream = new MemoryStream(256);
            stream.WriteByte(JsonFormat);
            _json.Serialize(stream, state, typeof(TState));
            return stream.GetBuffer().AsMemory(0, (int)stream.Length);
        }

        var buffer = new ArrayBufferWriter<byte>(128);
        buffer.GetSpan(1)[0] = OrleansFormat;
        buffer.Advance(1);
        _orleans.Serialize(state, buffer);
        return buffer.WrittenMemory;
    }

    private static GeoException NotKept(string cause, Exception? exception = null) => new(
        new(
            GeoErrorCode.InvalidArgument,
            $"A state of type {typeof(TState)} has a value that cannot be written: {cause}. Nothing was written. Mark what need not be kept [NonSerialized], and the types of the rest [GenerateSerializer], their members [Id]."),
        exception);

    private static InvalidOperationException Unreadable() =>
        new($"A stored {typeof(TState)} was written by Orleans' serializer, and the type has no codec any more: put [GenerateSerializer] back on it.");
}
