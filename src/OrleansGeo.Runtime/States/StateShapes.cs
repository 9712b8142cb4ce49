using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orleans.Serialization.Configuration;
using Orleans.Serialization.Serializers;

namespace OrleansGeo.Runtime.States;

/// <summary>Looks at the types of states, each once.</summary>
internal sealed class StateShapes(ICodecProvider codecs, StateJson json, IOptions<TypeManifestOptions> manifest)
{
    private readonly ConcurrentDictionary<Type, StateShape> _shapes = new();
    private Type[]? _generated;

    /// <summary>Every type with a generated codec: what may stand behind a member of a base type.</summary>
    public IEnumerable<Type> Generated => _generated ??=
        [.. manifest.Value.Serializers.SelectMany(CodecTypes.ValuesOf).Where(CodecTypes.IsGenerated).Distinct()];

    public StateShape Of(Type state) => _shapes.GetOrAdd(state, Look);

    public bool HasCodec(Type type)
    {
        try
        {
            return codecs.TryGetCodec(type) is not null;
        }
        catch (Exception exception) when (exception is Orleans.Serialization.CodecNotFoundException or InvalidOperationException or ArgumentException or TypeLoadException)
        {
            // A codec that lacks the codec of one of its members.
            return false;
        }
    }

    private StateShape Look(Type state)
    {
        if (CodecTypes.IsGenerated(state) || (!state.ContainsGenericParameters && HasCodec(state)))
        {
            var codec = new CodecShapeWalk(this);
            codec.Visit(state, state.Name);

            // A collection has a codec whatever is in it; JSON keeps what that lacks.
            if (codec.Problems.Count == 0 || !StateTypes.IsCollection(state))
            {
                return new(codec.Problems, UsesCodec: true, codec.IsProven);
            }
        }

        var fields = new JsonShapeWalk();
        fields.Visit(state, state.Name);
        return new(fields.Problems, UsesCodec: false, fields.IsProven && !json.HasOwnContracts);
    }
}
