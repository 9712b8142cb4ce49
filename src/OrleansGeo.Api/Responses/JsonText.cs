using System.Text;
using Microsoft.AspNetCore.Http;
using OrleansGeo.Api.Requests;

namespace OrleansGeo.Api.Responses;

/// <summary>200 with JSON that is written already.</summary>
internal sealed record JsonText(string Text) : IResult, IStatusCodeHttpResult
{
    public int? StatusCode => StatusCodes.Status200OK;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var bytes = Encoding.UTF8.GetBytes(Text);
        httpContext.Response.ContentType = JsonBody.Json;
        httpContext.Response.ContentLength = bytes.Length;
        await httpContext.Response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }
}
