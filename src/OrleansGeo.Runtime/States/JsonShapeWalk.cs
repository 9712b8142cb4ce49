namespace OrleansGeo.Runtime.States;

/// <summary>What <see cref="StateJson"/> keeps.</summary>
internal sealed class JsonShapeWalk : ShapeWalk
{
    protected override bool IsBoundedInDepth => true;

    protected override void Look(Type type, string path)
    {
        if (FieldContracts.IsByFields(type))
        {
            foreach (var field in StateField.Of(type).Where(static field => !field.IsDropped && !field.IsEvent))
            {
                if (FieldContracts.NameOf(field) is ("$id" or "$ref" or "$type" or "$values") and var name)
                {
                    Add($"{path}.{field.Name}", $"its name in JSON is {name}, by which JSON itself says what an object is: its value would be taken for that. Give it another name by [JsonProperty], or use [GenerateSerializer] and [Id] on the state's types.");
                }

                Visit(field.Field.FieldType, $"{path}.{field.Name}");
            }

            if (!type.IsSealed)
            {
                Doubt();
            }

            return;
        }

        if (typeof(System.Collections.IDictionary).IsAssignableFrom(type) && type.IsGenericType && type.GetGenericArguments()[0] is { IsGenericParameter: false } key && FieldContracts.IsByFields(key))
        {
            Add(path, $"its keys are of type {key}, and JSON has only text for keys. Use [GenerateSerializer] and [Id] on the state's types, or keys of a plain type.");
        }

        if (!(type.IsArray && type.GetArrayRank() == 1) && !(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>)))
        {
            Doubt();
        }

        VisitParts(type, path);
    }
}
