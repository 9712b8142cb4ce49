namespace OrleansGeo.Runtime.Checks;

/// <summary>An attribute as its author wrote it.</summary>
internal static class AttributeNames
{
    private const string Suffix = "Attribute";

    public static string Of(object attribute) =>
        attribute.GetType().Name is var name && name.EndsWith(Suffix, StringComparison.Ordinal) ? $"[{name[..^Suffix.Length]}]" : $"[{name}]";
}
