using System.Collections;
using System.Reflection;
using System.Text.Json;

namespace OrleansGeo.Runtime.States;

/// <summary>Where a copy of a state differs from it.</summary>
internal sealed class StateDifference
{
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);

    private StateDifference()
    {
    }

    /// <returns>The path of the first part that the copy lacks or has otherwise; null if it has all.</returns>
    public static string? Find(object? state, object? copy) => new StateDifference().At("the state", state, copy);

    private string? At(string path, object? one, object? other)
    {
        if (one is null || other is null)
        {
            return ReferenceEquals(one, other) ? null : path;
        }

        var type = one.GetType();
        if (StateTypes.IsCollectionExpression(type) && other is Array)
        {
            return InItems(path, (IEnumerable)one, (IEnumerable)other);
        }

        if (type != other.GetType())
        {
            return $"{path}, a {type} that comes back as a {other.GetType()}";
        }

        if (!type.IsValueType && type != typeof(string) && !_seen.Add(one))
        {
            return null;
        }

        return one switch
        {
            DateTime time => time.Equals(other) && time.Kind == ((DateTime)other).Kind ? null : path,
            decimal number => number.Equals(other) && number.Scale == ((decimal)other).Scale ? null : path,
            JsonElement json => json.ValueKind == ((JsonElement)other).ValueKind && (json.ValueKind == JsonValueKind.Undefined || JsonElement.DeepEquals(json, (JsonElement)other)) ? null : path,
            IDictionary map => InMap(path, map, (IDictionary)other) ?? InOwnFields(path, type, one, other),
            IEnumerable items when StateTypes.IsCollection(type) => InItems(path, items, (IEnumerable)other) ?? InOwnFields(path, type, one, other),
            IAddressable => one.Equals(other) ? null : path,
            _ when type.IsEnum || StateTypes.IsFramework(type) => IsSameFramework(path, type, one, other),
            _ => InOwnFields(path, type, one, other),
        };
    }

    /// <summary>Fields that an author's class, or one of its author's base classes, has.</summary>
    private string? InOwnFields(string path, Type type, object one, object other) =>
        StateField.Of(type)
            .Where(static field => !field.IsDropped && !field.IsEvent && !StateTypes.IsFramework(field.Field.DeclaringType!))
            .Select(field => At($"{path}.{field.Name}", field.Field.GetValue(one), field.Field.GetValue(other)))
            .FirstOrDefault(static difference => difference is not null);

    private string? IsSameFramework(string path, Type type, object one, object other)
    {
        // Pairs and tuples hold what an author put in; their own comparison would compare that by reference.
        if (type.IsGenericType && (type.Name.StartsWith("KeyValuePair`", StringComparison.Ordinal) || type.Name.Contains("Tuple`", StringComparison.Ordinal)))
        {
            return StateField.Of(type)
                .Select(field => At($"{path}.{field.Name}", field.Field.GetValue(one), field.Field.GetValue(other)))
                .FirstOrDefault(static difference => difference is not null);
        }

        return one.Equals(other) ? null : path;
    }

    private string? InMap(string path, IDictionary one, IDictionary other)
    {
        if (one.Count != other.Count || !IsComparedAlike(one, other))
        {
            return IsComparedAlike(one, other) ? path : $"{path}, whose keys are compared otherwise";
        }

        foreach (DictionaryEntry entry in one)
        {
            if (!other.Contains(entry.Key))
            {
                return $"{path}[{entry.Key}]";
            }

            if (At($"{path}[{entry.Key}]", entry.Value, other[entry.Key]) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private string? InItems(string path, IEnumerable one, IEnumerable other)
    {
        if (one.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(System.Collections.Immutable.ImmutableArray<>))
        {
            // One that was never set cannot be enumerated.
            var isDefault = type.GetProperty("IsDefault")!;
            if ((bool)isDefault.GetValue(one)! || (bool)isDefault.GetValue(other)!)
            {
                return Equals(isDefault.GetValue(one), isDefault.GetValue(other)) ? null : path;
            }
        }

        if (!IsComparedAlike(one, other))
        {
            return $"{path}, whose items are compared otherwise";
        }

        var others = other.Cast<object?>().ToList();
        var at = 0;
        foreach (var item in one)
        {
            if (at == others.Count)
            {
                return path;
            }

            if (At($"{path}[{at}]", item, others[at++]) is { } difference)
            {
                return difference;
            }
        }

        return at == others.Count ? null : path;
    }

    /// <summary>Whether two collections find equal what the other does: by equal comparers, or by ones of a kind.</summary>
    private static bool IsComparedAlike(object one, object other)
    {
        var comparer = one.GetType().GetProperty("Comparer", BindingFlags.Instance | BindingFlags.Public) ?? one.GetType().GetProperty("KeyComparer", BindingFlags.Instance | BindingFlags.Public);
        if (comparer is null)
        {
            return true;
        }

        var (first, second) = (Kind(comparer.GetValue(one)), Kind(comparer.GetValue(other)));
        return Equals(first, second) || (first is not StringComparer && first?.GetType() == second?.GetType());

        // Letter by letter is what strings' default does, too.
        static object? Kind(object? value) => value is IEqualityComparer<string> && value.Equals(StringComparer.Ordinal) ? EqualityComparer<string>.Default : value;
    }
}
