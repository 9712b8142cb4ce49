namespace OrleansGeo.Runtime.States;

/// <summary>Which types may stand behind a member of another type.</summary>
internal static class DerivedTypes
{
    /// <summary>The candidate as a value of the type may have it.</summary>
    /// <param name="type">A closed type.</param>
    /// <param name="candidate">A type, or the definition of a generic one.</param>
    /// <param name="isOpen">The type does not say all that the definition leaves open.</param>
    /// <returns>Null: none of its values is one of the type.</returns>
    public static Type? Of(Type type, Type candidate, out bool isOpen)
    {
        isOpen = candidate.IsGenericTypeDefinition;
        if (!isOpen || type.IsAssignableFrom(candidate))
        {
            return type.IsAssignableFrom(candidate) ? candidate : null;
        }

        if (!type.IsGenericType || type.GetGenericTypeDefinition() == candidate)
        {
            return null;
        }

        var isRelated = false;
        foreach (var parent in ParentsOf(candidate).Where(parent => parent.IsGenericType && parent.GetGenericTypeDefinition() == type.GetGenericTypeDefinition()))
        {
            isRelated = true;
            if (Close(candidate, parent.GetGenericArguments(), type.GetGenericArguments()) is { } closed && type.IsAssignableFrom(closed))
            {
                isOpen = false;
                return closed;
            }
        }

        return isRelated ? candidate : null;
    }

    private static IEnumerable<Type> ParentsOf(Type type)
    {
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            yield return parent;
        }

        foreach (var face in type.GetInterfaces())
        {
            yield return face;
        }
    }

    /// <summary>The definition with what its parent is given; null: that does not say all of it.</summary>
    private static Type? Close(Type definition, Type[] passed, Type[] given)
    {
        var found = definition.GetGenericArguments().Select(parameter => Array.IndexOf(passed, parameter)).ToArray();
        if (Array.Exists(found, static at => at < 0))
        {
            return null;
        }

        try
        {
            return definition.MakeGenericType([.. found.Select(at => given[at])]);
        }
        catch (ArgumentException)
        {
            // Its constraints do not allow it. It is looked at as it is.
            return null;
        }
    }
}
