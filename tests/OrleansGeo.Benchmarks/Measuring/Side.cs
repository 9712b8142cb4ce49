namespace OrleansGeo.Benchmarks.Measuring;

/// <summary>One side of a comparison: so many callers, each of which calls again as soon as it has its answer.</summary>
/// <param name="Name">What is measured, for the table.</param>
/// <param name="Callers">How many.</param>
/// <param name="CreateCaller">Makes the call of one caller; it answers how many calls it stands for.</param>
internal sealed record Side(string Name, int Callers, Func<int, Func<ValueTask<int>>> CreateCaller);
