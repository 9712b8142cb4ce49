using System.Text;
using Microsoft.Extensions.Options;
using Newtonsoft.Json;
using Orleans.Serialization;

namespace OrleansGeo.Runtime.States;

/// <summary>
/// States without an Orleans codec as JSON, by the library of Orleans' own grain storages and with the host's converters
/// (<see cref="OrleansJsonSerializerOptions"/>), but without what they lose: see <see cref="FieldContracts"/>.
/// </summary>
internal sealed class StateJson
{
    // Half of a surrogate pair has no bytes: an error, not another character.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly JsonSerializer _serializer;

    public StateJson(IOptions<OrleansJsonSerializerOptions> options)
    {
        var host = options.Value.JsonSerializerSettings;
        HasOwnContracts = host.ContractResolver is not null;
        _serializer = JsonSerializer.Create(new()
        {
            ContractResolver = host.ContractResolver ?? new FieldContracts(),
            SerializationBinder = new StateTypeBinder(),
            TypeNameHandling = TypeNameHandling.Auto,
            PreserveReferencesHandling = PreserveReferencesHandling.Objects,
            ConstructorHandling = ConstructorHandling.AllowNonPublicDefaultConstructor,
            DateParseHandling = DateParseHandling.None,
            MaxDepth = host.MaxDepth,
            Converters = [new JsonElementConverter(), new DecimalConverter(), .. host.Converters],
        });
    }

    /// <summary>The host chose how classes are written, so that nothing is known of what is kept.</summary>
    public bool HasOwnContracts { get; }

    public void Serialize(Stream to, object? state, Type type)
    {
        using var text = new StreamWriter(to, Utf8, bufferSize: 256, leaveOpen: true);
        using var json = new JsonTextWriter(text);
        _serializer.Serialize(json, state, type);
    }

    public object? Deserialize(ReadOnlySpan<byte> bytes, Type type)
    {
        using var json = new JsonTextReader(new StringReader(Utf8.GetString(bytes)));
        return _serializer.Deserialize(json, type);
    }
}
