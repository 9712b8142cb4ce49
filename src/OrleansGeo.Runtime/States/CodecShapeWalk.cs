namespace OrleansGeo.Runtime.States;

/// <summary>What Orleans' own codecs keep. Their codecs of the framework's types, and those that an author wrote, are trusted.</summary>
internal sealed class CodecShapeWalk : ShapeWalk
{
    private const string Remedy = "Mark it [GenerateSerializer], and its members [Id].";

    private readonly StateShapes _shapes;
    private readonly HashSet<Type> _behind;

    public CodecShapeWalk(StateShapes shapes)
        : this(shapes, [])
    {
    }

    /// <param name="shapes">The types that have a codec.</param>
    /// <param name="behind">The types whose derived ones are looked at already.</param>
    private CodecShapeWalk(StateShapes shapes, HashSet<Type> behind) => (_shapes, _behind) = (shapes, behind);

    protected override bool IsBoundedInDepth => false;

    protected override void Look(Type type, string path)
    {
        if (CodecTypes.IsGenerated(type))
        {
            LookAtClass(type, path);
        }
        else if (!type.ContainsGenericParameters && !type.IsInterface && !type.IsAbstract && type != typeof(object) && !_shapes.HasCodec(type))
        {
            Add(path, $"Orleans has no codec for its type {type}, so that no value of it can be written. {Remedy}");
            return;
        }
        else
        {
            VisitParts(type, path);
        }

        if (!type.IsSealed)
        {
            LookBehind(type);
        }
    }

    private void LookAtClass(Type type, string path)
    {
        for (var at = type; at is not null && at != typeof(object) && at != typeof(ValueType); at = at.BaseType)
        {
            if (!CodecTypes.IsGenerated(at))
            {
                if (!StateTypes.IsFramework(at) && StateField.DeclaredIn(at).Any(static field => !field.IsDropped))
                {
                    Add(path, $"its base class {at} has no [GenerateSerializer], so that its members would be lost. {Remedy}");
                }

                return;
            }

            LookAtFields(at, path);
        }
    }

    private void LookAtFields(Type type, string path)
    {
        var left = CodecTypes.LeftOutBy(type)?.ToList();
        if (left is null)
        {
            Doubt();
        }

        foreach (var field in left ?? [])
        {
            Add($"{path}.{field.Name}", $"it has no [Id], and Orleans' codec of {type} leaves it out: its value would be lost. Mark it [Id], or [NonSerialized] ([field: NonSerialized] on a property) if it need not be kept.");
        }

        foreach (var field in StateField.DeclaredIn(type).Where(field => !field.IsDropped && left?.Any(other => other.Field == field.Field) != true))
        {
            Visit(field.Field.FieldType, $"{path}.{field.Name}");
        }
    }

    /// <summary>A member may hold a derived type. If any that Orleans can write would lose something, each value is looked at.</summary>
    private void LookBehind(Type type)
    {
        if (!IsProven || !_behind.Add(type))
        {
            return;
        }

        if (type.ContainsGenericParameters)
        {
            // Which types those of its parts will be is not known.
            Doubt();
            return;
        }

        foreach (var candidate in _shapes.Generated.Where(other => other != type))
        {
            if (DerivedTypes.Of(type, candidate, out var isOpen) is not { } derived)
            {
                continue;
            }

            var behind = new CodecShapeWalk(_shapes, _behind);
            behind.LookAtClass(derived, derived.Name);
            if (isOpen || behind.Problems.Count > 0 || !behind.IsProven)
            {
                Doubt();
                return;
            }
        }
    }
}
