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
        var walk = new CodecShapeWalk(this);
        if (state.ContainsGenericParameters ? CodecTypes.IsGenerated(state) : HasCodec(state) || CodecTypes.IsGenerated(state))
        {
            walk.Visit(state, state.Name);
            return new(walk.Problems, walk.IsProven);
        }

        var fields = new JsonShapeWalk();
        fields.Visit(state, state.Name);
        return new(fields.Problems, fields.IsProven && !json.HasOwnContracts);
    }
}
