namespace OrleansGeo.Protocol.Types;

/// <summary>A silo's declaration of a grain type that is not what the world has recorded.</summary>
internal readonly record struct TypeContradiction(TypeChoices Recorded, TypeChoices Declared);
