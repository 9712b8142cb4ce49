using System.Collections.Immutable;

namespace OrleansGeo.Protocol.Types;

/// <summary>The choices of every grain type that a silo of the world has hosted. Immutable; types are added and never changed or removed.</summary>
/// <remarks>So of two values that the register decided one contains the other, and what was once read from a decided value is true for ever.</remarks>
internal sealed class RecordedTypes
{
    private readonly ImmutableSortedDictionary<string, TypeChoices> _types;

    internal RecordedTypes(ImmutableSortedDictionary<string, TypeChoices> types) => _types = types;

    /// <summary>Of a world in which no silo has recorded a type.</summary>
    public static RecordedTypes Empty { get; } = new(ImmutableSortedDictionary.Create<string, TypeChoices>(StringComparer.Ordinal));

    public int Count => _types.Count;

    /// <summary>In the order of their names.</summary>
    public IEnumerable<TypeChoices> All => _types.Values;

    /// <summary>Whether the type is recorded with these very choices.</summary>
    public bool Has(TypeChoices declared) => _types.TryGetValue(declared.Type, out var recorded) && recorded == declared;

    /// <summary>Every declaration that is not what is recorded, in their order.</summary>
    public ImmutableArray<TypeContradiction> Contradictions(IEnumerable<TypeChoices> declared) =>
    [
        .. declared.Where(choices => _types.ContainsKey(choices.Type) && !Has(choices)).Select(choices => new TypeContradiction(_types[choices.Type], choices)),
    ];

    /// <summary>Adds what is declared and not recorded.</summary>
    /// <returns>Null: there is nothing to add, or one of the declarations contradicts what is recorded. A silo that may not start records nothing.</returns>
    public RecordedTypes? Record(IReadOnlyCollection<TypeChoices> declared)
    {
        var added = declared.Where(choices => !_types.ContainsKey(choices.Type)).ToList();
        return added.Count == 0 || !Contradictions(declared).IsEmpty ? null
            : new(_types.AddRange(added.Select(static choices => KeyValuePair.Create(choices.Type, choices))));
    }
}
