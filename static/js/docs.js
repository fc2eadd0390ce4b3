/* Starts Swagger UI on our own OpenAPI document; nothing is asked of any other host. */
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: false,
  validatorUrl: null,
  tryItOutEnabled: true,
  supportedSubmitMethods: ["get"],
  defaultModelsExpandDepth: 0,
});
