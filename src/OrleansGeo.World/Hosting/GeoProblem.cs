namespace OrleansGeo.World.Hosting;

/// <summary>The problem details that the world's own endpoints answer with; the codes are those of the web API.</summary>
internal static class GeoProblem
{
    public static IResult InvalidDocument(string detail) => Create(StatusCodes.Status400BadRequest, "InvalidDocument", detail);

    public static IResult NotFound(string detail) => Create(StatusCodes.Status404NotFound, "NotFound", detail);

    public static IResult TooLarge(string detail) => Create(StatusCodes.Status413PayloadTooLarge, "TooLarge", detail);

    private static IResult Create(int status, string code, string detail) =>
        Results.Problem(detail: detail, statusCode: status, title: code, extensions: [new("code", code)]);
}
