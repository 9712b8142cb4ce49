using System.Text.Json;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace OrleansGeo.Runtime.Gates;

/// <summary>State objects to bytes and back: by Orleans' serializer where the type has a codec, otherwise as JSON, so that a grain keeps its plain state class.</summary>
internal sealed class StateSerializer<TState>
{
    private const byte OrleansFormat = 1;
    private const byte JsonFormat = 2;

    private readonly Serializer<TState>? _orleans;

    public StateSerializer(Serializer serializer, ICodecProvider codecs)
    {
        if (codecs.TryGetCodec<TState>() is not null)
        {
            _orleans = serializer.GetSerializer<TState>();
        }
    }

    public static TState Create() => typeof(TState).IsValueType || typeof(TState) == typeof(string) ? default! : Activator.CreateInstance<TState>();

    public ReadOnlyMemory<byte> Serialize(TState state)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(128);
        buffer.GetSpan(1)[0] = _orleans is null ? JsonFormat : OrleansFormat;
        buffer.Advance(1);
        if (_orleans is not null)
        {
            _orleans.Serialize(state, buffer);
        }
        else
        {
            using var json = new Utf8JsonWriter(buffer);
            JsonSerializer.Serialize(json, state);
        }

        return buffer.WrittenMemory;
    }

    public TState Deserialize(ReadOnlyMemory<byte> bytes) => bytes.Span[0] switch
    {
        OrleansFormat => (_orleans ?? throw Unreadable()).Deserialize(bytes[1..])!,
        JsonFormat => JsonSerializer.Deserialize<TState>(bytes.Span[1..])!,
        var other => throw new InvalidOperationException($"A stored {typeof(TState)} has the unknown format {other}: it was written by a newer version."),
    };

    private static InvalidOperationException Unreadable() =>
        new($"A stored {typeof(TState)} was written by Orleans' serializer, and the type has no codec any more: put [GenerateSerializer] back on it.");
}
