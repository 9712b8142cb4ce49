namespace OrleansGeo.Tests.Checks;

[GenerateSerializer]
[Alias("test.term")]
public abstract class Term;
